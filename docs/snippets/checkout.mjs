// A checkout's calls of Guestlist, with time limits, retries, and answers for when Guestlist does not answer.
//
// For Node 18 or newer, on a server: the token must not reach a browser. Keep one `Guestlist` for each process.

const REMEMBER_MS = 3_600_000;

/** Guestlist said no; `code` is the word for programs. */
export class Refused extends Error {
  constructor(code, detail) {
    super(detail);
    this.name = "Refused";
    this.code = code;
  }
}

/** There was no answer: whether something was done is not known, and a repeat does it once. */
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
   * What may be seen and bought, for a page. Never throws `Unavailable`: without an answer, items that were
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
   * Hold uses of a `code` (and `seat`, `quantity`, `sale_item_id`) for a cart. Throws `Refused`, and `Unavailable`,
   * in which case the item must not be sold.
   */
  hold(orderId, what, seconds = 900) {
    return this.#post("/v1/redemptions", { order_id: orderId, hold_seconds: seconds, ...what });
  }

  /** Confirm a hold whose order is paid. On `Unavailable`, repeat it from a queue until it is answered. */
  confirm(redemptionId) {
    return this.#post(`/v1/redemptions/${redemptionId}/confirm`, {});
  }

  /** Give uses back, once for each `refundId`. On `Unavailable`, repeat it from a queue; a hold lapses anyway. */
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
