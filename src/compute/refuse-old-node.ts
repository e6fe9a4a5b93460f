// Imported first by the public API, so that an old Node is told of and not what it stumbles over.
import { versionComplaint } from "./node-version.ts";

const version = globalThis.process?.versions?.node;
const complaint = version && versionComplaint(version);
if (complaint) throw new Error(`Sulcus ${complaint}`);
