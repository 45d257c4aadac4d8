/* Euro amounts in whole cents: read as people type them, computed without a rounding error, shown as the page's language does. */
const language = document.documentElement.lang;
const euro = new Intl.NumberFormat(language, { style: "currency", currency: "EUR" });

/* As on the server: 12.500,50 first, then 12,500.50 or 12500.50; hundredths, or null where it is no such number. */
export function hundredths(typed) {
  const compact = typed.replace(/[€\s\u00a0]/g, "");
  const belgian = /^(\d{1,3}(\.\d{3})+|\d+)(,\d{1,2})?$/;
  const english = /^(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?$/;
  let plain = null;
  if (belgian.test(compact)) plain = compact.replaceAll(".", "").replace(",", ".");
  else if (english.test(compact)) plain = compact.replaceAll(",", "");
  if (plain === null) return null;
  const [whole, part = ""] = plain.split(".");
  return BigInt(whole + part.padEnd(2, "0"));
}

/* The amounts in the page's data attributes are plain: "1250.50", and maybe below zero. */
export function cents(plain) {
  const [whole, part = ""] = plain.replace("-", "").split(".");
  const value = BigInt(whole + part.padEnd(2, "0").slice(0, 2));
  return plain.startsWith("-") ? -value : value;
}

/* Half up, away from zero, in whole numbers. */
export function divided(value, by) {
  const size = value < 0n ? -value : value;
  const result = (size * 2n + by) / (by * 2n);
  return value < 0n ? -result : result;
}

export function money(value) {
  return euro.format(Number(value) / 100).replace(/\s(?=\d)/, "\u00a0");
}
