// Client of the Guestlist API for a checkout: timeouts, retries, and what to do when Guestlist does not respond.
//
// For Node 18 or newer, on a server: the token must not reach a browser. Keep one `Guestlist` for each process.

const REMEMBER_MS = 3_600_000;

/** Guestlist refused the call; `code` is the error's code in the API. */
export class Refused extends Error {
  constructor(code, detail) {
    super(detail);
    this.name = "Refused";
    this.code = code;
  }
}

/** There was no response. The call may have taken effect; repeating it is safe. */
export class Unavailable extends Error {
  name = "Unavailable";
}

/** The calls of one checkout. */
export class Guestlist {
  #base;
  #token;
  #timeout;
  #unrestricted = new Map();

  constructor(base, token, timeout = 2) {
    this.#base = base;
    this.#token = token;
    this.#timeout = timeout;
  }

  /**
   * Check which items a page may show and sell. Never throws `Unavailable`: without a response, items that were
   * unrestricted within the last hour stay open, and all others are closed.
   */
  async check(saleItems, whoAndWhat = {}) {
    let answer;
    try {
      answer = await this.#post("/v1/check", { sale_items: saleItems, ...whoAndWhat }, { tries: 2 });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return this.#unanswered(saleItems, "code" in whoAndWhat);
    }
    for (const item of answer.items) {
      if (item.purchasable && item.granted_by.length === 0) this.#unrestricted.set(item.sale_item_id, performance.now());
      else this.#unrestricted.delete(item.sale_item_id);
    }
    return answer;
  }

  /**
   * Hold uses of a `code` (and `seat`, `quantity`, `sale_item_id`) for a cart. Throws `Refused` or `Unavailable`;
   * in either case do not sell the item.
   */
  hold(orderId, what, seconds = 900) {
    return this.#post("/v1/redemptions", { order_id: orderId, hold_seconds: seconds, ...what });
  }

  /** Confirm a hold whose order is paid. On `Unavailable`, retry from a queue until there is a response. */
  confirm(redemptionId) {
    return this.#post(`/v1/redemptions/${redemptionId}/confirm`, {});
  }

  /** Release uses, once for each `refundId`. On `Unavailable`, retry from a queue; a hold expires anyway. */
  release(redemptionId, refundId) {
    return this.#post(`/v1/redemptions/${redemptionId}/release`, {}, { key: refundId });
  }

  async #post(path, body, { tries = 3, key = "" } = {}) {
    const headers = { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" };
    if (key) headers["Idempotency-Key"] = key;
    for (let attempt = 0; attempt < tries; attempt++) {
      if (attempt) await new Promise((done) => setTimeout(done, (100 + 200 * Math.random()) * 2 ** attempt));
      let response;
      let answer;
      try {
        const signal = AbortSignal.timeout(this.#timeout * 1000);
        response = await fetch(this.#base + path, { method: "POST", headers, body: JSON.stringify(body), signal });
        answer = await response.json();
      } catch {
        continue;
      }
      if (response.ok) return answer;
      if (response.status !== 429 && response.status < 500) throw new Refused(answer.code, answer.detail);
    }
    throw new Unavailable(path);
  }

  #unanswered(saleItems, hasCode) {
    const since = performance.now() - REMEMBER_MS;
    const items = saleItems.map((id) => {
      const open = (this.#unrestricted.get(id) ?? since) > since;
      return { sale_item_id: id, visible: open, purchasable: open, reasons: open ? [] : ["unavailable"] };
    });
    return hasCode ? { items, code: { valid: false, reasons: ["unavailable"], grants: [] } } : { items };
  }
}
