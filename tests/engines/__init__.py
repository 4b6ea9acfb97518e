"""The engines that tests run on: ministack for everything, dynalite as the second opinion on writes."""
