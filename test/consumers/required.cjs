module.exports = require("oplead-sdk");
