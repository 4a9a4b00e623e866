const { setTimeout: sleep } = require('node:timers/promises');

/** A stand-in for a service that needs a moment to wake up. */
class Warehouse {
  #awake = false;

  async reserve(sku) {
    await sleep(400);
    if (!this.#awake) {
      this.#awake = true;
      throw new Error('the warehouse is still waking up');
    }
    return { sku, reserved: true };
  }
}

module.exports = { Warehouse };
