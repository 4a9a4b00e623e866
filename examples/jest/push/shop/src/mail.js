exports.isAddress = (text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);
exports.greet = (name) => `Dear ${name.trim()},`;
