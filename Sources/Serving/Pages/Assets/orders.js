// What waits to be asked: single pictures, and studies, whose pictures go together.

/** A line of orders, taken from its front by as many workers as there are. */
export class Orders {
  #waiting = [];
  #working = 0;
  #perform;
  #changed;
  #stopped = new AbortController();
  /** Orders of an earlier one were taken away. */
  #generation = 0;

  /** `perform(order, signal)` asks for one; `changed` is told whenever something begins or ends. */
  constructor(perform, changed) {
    this.#perform = perform;
    this.#changed = changed;
  }

  get isStopped() { return this.#stopped.signal.aborted; }
  get isIdle() { return this.#working === 0; }
  get waiting() { return this.#waiting.length; }

  add(orders) {
    this.#waiting.push(...orders);
    this.#go();
  }

  /** Ends what is under way; what was not answered waits at the front again. */
  stop() { this.#stopped.abort(); }

  resume() {
    this.#stopped = new AbortController();
    this.#go();
  }

  clear() {
    this.stop();
    this.#generation += 1;
    this.#waiting = [];
    this.#stopped = new AbortController();
  }

  /** Two at a time: one is decoded and sent while the network works at the other. */
  #go() {
    while (this.#working < 2 && this.#waiting.length && !this.isStopped) this.#work();
  }

  async #work() {
    const { signal } = this.#stopped;
    const generation = this.#generation;
    this.#working += 1;
    while (this.#waiting.length && !signal.aborted) {
      const order = this.#waiting.shift();
      this.#changed();
      if (!(await this.#perform(order, signal)) && generation === this.#generation) this.#waiting.unshift(order);
      this.#changed();
    }
    this.#working -= 1;
    this.#changed();
    // Something may have come between the last look and the end.
    this.#go();
  }
}
