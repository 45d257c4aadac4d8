/* Figures and words in the language of the page; the words themselves come from the server, in data attributes. */
const language = document.documentElement.lang || "nl-BE";

export function number(value) {
  return value.toLocaleString(language);
}

/* fill("{n} characters left", 12): the sentence with its figure. */
export function fill(sentence, value) {
  return sentence.replace("{n}", number(value));
}
