const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand in HTML and SVG, between tags or in a quoted attribute. */
export function escapeMarkup(text: string): string {
  return withoutControlCharacters(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/** The text with U+FFFD for every character that XML refuses even when it is escaped. */
export function withoutControlCharacters(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be removed
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, "\ufffd");
}
