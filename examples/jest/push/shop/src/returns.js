const daysToReturn = 30;

exports.canReturn = (daysAgo) => daysAgo >= 0 && daysAgo <= daysToReturn;
