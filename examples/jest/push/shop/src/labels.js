exports.labelOf = ({ name, street, city }) => [name, street, city.toUpperCase()].join('\n');
