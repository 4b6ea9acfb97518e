<?php

// Carries out the calls that come as lines of JSON with the snippet in PHP, and answers each on a line.

declare(strict_types=1);

[, $snippet, $base] = $argv;
require $snippet;
$guestlist = new Guestlist($base, 'demo-checkout', 3);
while (($line = fgets(STDIN)) !== false) {
    $words = json_decode($line, true);
    $name = array_shift($words);
    try {
        $answer = $guestlist->$name(...$words);
    } catch (Refused $refused) {
        $answer = ['refused' => $refused->word];
    } catch (Unavailable) {
        $answer = ['unavailable' => true];
    }
    echo json_encode($answer), "\n";
}
