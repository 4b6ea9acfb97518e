"""What a checkout asks: check, redeem, hold, give back, explain, scan."""
