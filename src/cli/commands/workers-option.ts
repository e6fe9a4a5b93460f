import type { Option } from "commander";
import { valued } from "./valued.ts";

/** The option of commands that run several runs. */
export const workersOption = (): Option =>
  valued("--workers <n>", "runs that go on at a time, each in a process of its own; at most the number of cores");
