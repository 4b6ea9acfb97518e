<?php

// Client of the Guestlist API for a checkout: timeouts, retries, and what to do when Guestlist does not respond.
//
// For PHP 8.1 or newer; needs no extension (but openssl for https). PHP keeps no memory between
// requests, so store `$unrestricted` in APCu, Redis or a table.

declare(strict_types=1);

/** Guestlist refused the call; `$word` is the error's code in the API. */
final class Refused extends RuntimeException
{
    public function __construct(public readonly string $word, string $detail)
    {
        parent::__construct($detail);
    }
}

/** There was no response. The call may have taken effect; repeating it is safe. */
final class Unavailable extends RuntimeException
{
}

/** The calls of one checkout. */
final class Guestlist
{
    private const REMEMBER_SECONDS = 3600;

    /** @var array<string, int> When each item was last seen as unrestricted; store it beyond the request. */
    private array $unrestricted = [];

    public function __construct(
        private readonly string $base,
        private readonly string $token,
        private readonly float $timeout = 2.0,
    ) {
    }

    /**
     * Check which items a page may show and sell. Never throws `Unavailable`: without a response, items that were
     * unrestricted within the last hour stay open, and all others are closed.
     */
    public function check(array $saleItems, array $whoAndWhat = []): array
    {
        try {
            $answer = $this->post('/v1/check', ['sale_items' => $saleItems] + $whoAndWhat, 2);
        } catch (Unavailable) {
            return $this->unanswered($saleItems, isset($whoAndWhat['code']));
        }
        foreach ($answer['items'] as $item) {
            if ($item['purchasable'] && $item['granted_by'] === []) {
                $this->unrestricted[$item['sale_item_id']] = time();
            } else {
                unset($this->unrestricted[$item['sale_item_id']]);
            }
        }
        return $answer;
    }

    /**
     * Hold uses of a `code` (and `seat`, `quantity`, `sale_item_id`) for a cart. Throws `Refused` or `Unavailable`;
     * in either case do not sell the item.
     */
    public function hold(string $orderId, array $what, int $seconds = 900): array
    {
        return $this->post('/v1/redemptions', ['order_id' => $orderId, 'hold_seconds' => $seconds] + $what);
    }

    /** Confirm a hold whose order is paid. On `Unavailable`, retry from a queue until there is a response. */
    public function confirm(string $redemptionId): array
    {
        return $this->post("/v1/redemptions/$redemptionId/confirm", []);
    }

    /** Release uses, once for each `$refundId`. On `Unavailable`, retry from a queue; a hold expires anyway. */
    public function release(string $redemptionId, string $refundId): array
    {
        return $this->post("/v1/redemptions/$redemptionId/release", [], 3, $refundId);
    }

    private function post(string $path, array $body, int $tries = 3, string $key = ''): array
    {
        $headers = ["Authorization: Bearer $this->token", 'Content-Type: application/json', 'Connection: close'];
        if ($key !== '') {
            $headers[] = "Idempotency-Key: $key";
        }
        $request = [
            'method' => 'POST',
            'header' => $headers,
            'content' => json_encode((object) $body, JSON_THROW_ON_ERROR),
            'timeout' => $this->timeout,
            'ignore_errors' => true,
            'follow_location' => 0,
        ];
        for ($attempt = 0; $attempt < $tries; $attempt++) {
            if ($attempt > 0) {
                usleep(random_int(100_000, 300_000) * 2 ** $attempt);
            }
            $http_response_header = [];
            $text = @file_get_contents($this->base . $path, false, stream_context_create(['http' => $request]));
            $answer = json_decode((string) $text, true);
            $status = (int) (explode(' ', $http_response_header[0] ?? '')[1] ?? 0);
            if (!is_array($answer) || $status === 429 || $status >= 500) {
                continue;
            }
            if ($status >= 400) {
                throw new Refused($answer['code'], $answer['detail']);
            }
            return $answer;
        }
        throw new Unavailable($path);
    }

    private function unanswered(array $saleItems, bool $hasCode): array
    {
        $since = time() - self::REMEMBER_SECONDS;
        $items = [];
        foreach ($saleItems as $id) {
            $open = ($this->unrestricted[$id] ?? $since) > $since;
            $reasons = $open ? [] : ['unavailable'];
            $items[] = ['sale_item_id' => $id, 'visible' => $open, 'purchasable' => $open, 'reasons' => $reasons];
        }
        $code = ['valid' => false, 'reasons' => ['unavailable'], 'grants' => []];
        return $hasCode ? ['items' => $items, 'code' => $code] : ['items' => $items];
    }
}
