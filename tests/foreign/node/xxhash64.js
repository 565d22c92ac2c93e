// XxHash64 (seed 0) of at most 31 bytes: what makes a cluster's id of its name. After the algorithm's published description.
const MASK = (1n << 64n) - 1n;
const P1 = 0x9E3779B185EBCA87n, P2 = 0xC2B2AE3D27D4EB4Fn, P3 = 0x165667B19E3779F9n, P4 = 0x85EBCA77C2B2AE63n, P5 = 0x27D4EB2F165667C5n;
const times = (a, b) => (a * b) & MASK;
const rotate = (value, bits) => ((value << bits) | (value >> (64n - bits))) & MASK;

export function xxHash64(bytes) {
  if (bytes.length > 31) throw new RangeError('longer inputs need the part of the algorithm with four lanes');
  let hash = P5 + BigInt(bytes.length), at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const lane = times(rotate(times(bytes.readBigUInt64LE(at), P2), 31n), P1);
    hash = (times(rotate(hash ^ lane, 27n), P1) + P4) & MASK;
  }
  if (at + 4 <= bytes.length) {
    hash = (times(rotate(hash ^ times(BigInt(bytes.readUInt32LE(at)), P1), 23n), P2) + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = times(rotate(hash ^ times(BigInt(bytes[at]), P5), 11n), P1);
  hash = times(hash ^ (hash >> 33n), P2);
  hash = times(hash ^ (hash >> 29n), P3);
  return hash ^ (hash >> 32n);
}
