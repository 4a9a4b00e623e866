const { taxOf } = require('./taxes');

exports.withTax = (price) => price + taxOf(price);
exports.cheapest = (prices) => Math.min(...prices);
