/**
 * Lets work through until it fails, then keeps it away for a while: a dependency that is down costs its
 * time-out once per rest, not once per request.
 */
export class Circuit {
  #openUntil = 0;

  constructor(
    private readonly restMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  get open(): boolean {
    return this.now() < this.#openUntil;
  }

  /** What `work` gives, or undefined while open or where it fails; `failed` hears of each failure. */
  async run<T>(work: () => Promise<T>, failed: (error: unknown) => void): Promise<T | undefined> {
    if (this.open) return undefined;
    try {
      return await work();
    } catch (error) {
      this.#openUntil = this.now() + this.restMs;
      failed(error);
      return undefined;
    }
  }
}
