import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);

/** Arimo, whose letters are as wide as those of Helvetica and Arial, which figures ask for. It travels in a package. */
export const FONT_FAMILY = "Arimo";

/** Files of the font by weight, from light to bold. */
export const fontFiles = {
  regular: resolve("@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf"),
  semibold: resolve("@expo-google-fonts/arimo/600SemiBold/Arimo_600SemiBold.ttf"),
  bold: resolve("@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf"),
} as const;
