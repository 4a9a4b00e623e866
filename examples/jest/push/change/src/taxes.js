exports.taxOf = (price) => Math.floor(price * 0.2);
