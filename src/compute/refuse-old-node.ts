// The public API imports this first, so that an error names the old Node instead of what Node fails at later.
import { versionComplaint } from "./node-version.ts";

const version = globalThis.process?.versions?.node;
const complaint = version && versionComplaint(version);
if (complaint) throw new Error(`Sulcus ${complaint}`);
