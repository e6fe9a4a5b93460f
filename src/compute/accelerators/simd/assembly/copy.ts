// Short runs of float32, byte counts: memory.copy leaves WebAssembly for every call and is slow on a patch's few values.

@inline
export function copyRun(source: usize, target: usize, bytes: usize): void {
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(target + i, v128.load(source + i));
  for (; i < bytes; i += 4) store<f32>(target + i, load<f32>(source + i));
}

@inline
export function addRun(source: usize, target: usize, bytes: usize): void {
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(target + i, f32x4.add(v128.load(target + i), v128.load(source + i)));
  for (; i < bytes; i += 4) store<f32>(target + i, load<f32>(target + i) + load<f32>(source + i));
}

@inline
export function clearRun(target: usize, bytes: usize): void {
  const whole = bytes & ~15;
  const zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(target + i, zero);
  for (; i < bytes; i += 4) store<f32>(target + i, 0);
}
