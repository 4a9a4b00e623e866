exports.taxOf = (price) => Math.round(price * 20) / 100;
