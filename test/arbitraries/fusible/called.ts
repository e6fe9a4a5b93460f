/** Names of a part of a plan, so that others can stand beside it. */
export type Called = (name: string) => string;

export const asItIs: Called = (name) => name;
