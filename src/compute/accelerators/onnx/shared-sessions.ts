type Runtime = typeof import("onnxruntime-node");
type InferenceSession = import("onnxruntime-node").InferenceSession;
type SessionOptions = import("onnxruntime-node").InferenceSession.SessionOptions;

/** A session, and how many programs hold it. */
interface SharedSession {
  readonly session: Promise<InferenceSession>;
  holders: number;
}

/** By model and options. */
const shared = new Map<string, SharedSession>();

/** The sessions of ONNX Runtime that one program uses. */
export interface HeldSessions {
  /**
   * A session of a model: the one that other programs of this process have, where they have it.
   *
   * @param key tells models apart
   */
  of(key: string, model: () => Uint8Array, options: SessionOptions): Promise<InferenceSession>;
  /** Gives all of them back; the last holder of a session ends it, and its threads. */
  release(): Promise<void>;
}

/** Each session has threads of its own, so programs side by side share those of equal graphs. */
export function holdSessions({ InferenceSession }: Runtime): HeldSessions {
  const held = new Map<string, SharedSession>();
  return {
    async of(key, model, options) {
      const whole = JSON.stringify([key, options]);
      let own = held.get(whole);
      if (!own) {
        own = shared.get(whole) ?? { session: InferenceSession.create(model(), options), holders: 0 };
        own.holders++;
        shared.set(whole, own);
        held.set(whole, own);
      }
      try {
        return await own.session;
      } catch (error) {
        // It may start another time.
        shared.delete(whole);
        held.delete(whole);
        throw error;
      }
    },
    async release() {
      for (const [key, own] of held) {
        own.holders--;
        if (own.holders > 0) continue;
        shared.delete(key);
        await (await own.session).release();
      }
      held.clear();
    },
  };
}
