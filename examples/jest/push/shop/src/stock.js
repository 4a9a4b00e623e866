exports.take = (stock, sku, count) => {
  const left = (stock[sku] ?? 0) - count;
  if (left < 0) throw new RangeError(`not enough ${sku}`);
  return { ...stock, [sku]: left };
};
