class Cart {
  #lines = new Map();

  add(sku, price, quantity = 1) {
    if (!(price >= 0)) throw new RangeError(`price of ${sku} is ${price}`);
    const line = this.#lines.get(sku) ?? { price, quantity: 0 };
    line.quantity += quantity;
    this.#lines.set(sku, line);
  }

  remove(sku) {
    this.#lines.delete(sku);
  }

  get total() {
    let total = 0;
    for (const { price, quantity } of this.#lines.values()) total += price * quantity;
    return Math.round(total * 100) / 100;
  }

  /** Buy three, pay two: of every three equal items, one is free. */
  get discounted() {
    let saved = 0;
    for (const { price, quantity } of this.#lines.values()) saved += price * Math.round(quantity / 3);
    return Math.round((this.total - saved) * 100) / 100;
  }
}

module.exports = { Cart };
