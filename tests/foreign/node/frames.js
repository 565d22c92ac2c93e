// @msgpack/msgpack reads the bytes a live node writes, and the node reads the bytes it writes: the log on disk, the frames of
// Peer.Exchange, the bodies of Peer.PushPull. Formats: docs/PROTOCOL.md.
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decode, encode } from '@msgpack/msgpack';
import { check, exchange, finished, nodeMetadata, same, unary } from './harness.js';

// Numbers beyond 32 bits are bigint and so keep every bit; all others take their shortest form, as ours must.
const OPTIONS = { useBigInt64: true };
const read = bytes => decode(bytes, OPTIONS);
const write = value => Buffer.from(encode(value, OPTIONS));

const LOG_HEADER_BYTES = 32, RECORD_HEAD_BYTES = 30, RECORD_MAGIC = 0x52fe1fc5, ALL_BUCKETS = 0xffff;
const KIND = { definition: 0x01, status: 0x41, result: 0x82 };
const TASK_SUCCEEDED = 5;

/** The payloads of the log in `folder`, in order. */
function* records(folder) {
  for (const name of fs.readdirSync(folder).filter(each => /^cells-[0-9a-f]{16}\.log$/.test(each)).sort()) {
    const bytes = fs.readFileSync(path.join(folder, name));
    same(bytes.toString('latin1', 0, 8), 'SWIMCELL', `the start of ${name}`);
    for (let at = LOG_HEADER_BYTES; at + RECORD_HEAD_BYTES <= bytes.length && bytes.readUInt32LE(at) === RECORD_MAGIC;) {
      const length = bytes.readInt32LE(at + 8), buckets = bytes.readUInt16LE(at + 28);
      const from = at + RECORD_HEAD_BYTES + (buckets === ALL_BUCKETS ? 0 : 2 * buckets);
      yield bytes.subarray(from, from + length);
      at = from + length;
    }
  }
}

/** The cells of a delta frame, its indexes looked up. */
function cellsOf(frame) {
  same(frame.length, 12, 'fields of a frame');
  const [version, bucket, , , , seqBase, hlcBase, workflows, nodes, actors, cells] = frame;
  check(version === 2 && bucket >= 0 && bucket <= 4096, 'version and bucket of a frame');
  return cells.map(([workflow, kind, subkey, actor, seq, hlc, node, payload, executor]) => ({
    workflow: [2 * workflow, 2 * workflow + 1].map(i => BigInt(workflows[i]).toString(16).padStart(16, '0')).join(''),
    kind, subkey, payload, executor: executor === undefined ? undefined : nodes[executor],
    actor: actors[actor], seq: BigInt(seq) + BigInt(seqBase), node: BigInt(nodes[node]).toString(16).padStart(16, '0'),
    atMs: Number((BigInt(hlc) + BigInt(hlcBase)) >> 16n),
  }));
}

/** The fields of a status; the executor that the frame has in its table of nodes goes back to where it was cut out. */
function statusOf({ payload, executor }) {
  if (executor === undefined) return read(payload);
  const place = payload.subarray(1, 4).findIndex(byte => byte > 0x7f) < 0 ? 4 : check(false, 'generation, state and attempt in one byte each');
  const id = Buffer.alloc(9, 0xcf);
  id.writeBigUInt64BE(BigInt(executor), 1);
  return read(Buffer.concat([payload.subarray(0, place), id, payload.subarray(place)]));
}

const attempt = token => [0x1122334455667788n, 0x99aabbccddeeff00n, 3, 0, 1, token];
// Messages that change nothing at a node that knows neither their sender nor their workflow.
const FRAMES = {
  'PushAck, small numbers': [2, 17, 1, 1],
  'PushAck, large numbers': [2, 4095, 0xffffffffffffffffn, 0x0123456789abcdefn],
  'PushAck, a small number in the long form': [2, 17, 1n, 1n],
  'RepairDigests': [4, 5, true, [], 0, 0],
  'StopAttempt': [12, attempt(0xfedcba9876543210n)],
  'AttemptHandedBack': [13, attempt(7)],
  'AttemptsRunning': [14, 1, [attempt(7), attempt(8)]],
  'AttemptEnded': [15, [...attempt(9)], [1, Buffer.from('"漢字"'), '', '', false, 1_800_000_000_000n, 1_800_000_000_001n]],
  'AttemptEndedAck': [16, attempt(9)],
};
const MALFORMED = [Buffer.from([0xc1]), write([99, 1]), write([2, 17, 1]), write([2, 4097, 1, 1]), write('text'), Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])];

export const frames = ({ folder, cluster, peer, workflows, clusterId }) => ({
  async 'log: every record reads, and msgpack-js writes the same bytes again'() {
    let count = 0;
    for (const record of records(folder)) {
      check(write(read(record)).equals(record), `record ${++count} has the shortest form`);
    }
    check(count > 10, `the log holds the work so far: ${count} records`);
  },

  async 'log: its cells hold what the API tells, field by field'() {
    const submitted = await unary(workflows, 'SubmitWorkflow', {
      document: JSON.stringify({ name: 'ünï', tasks: [{ id: 'one', tool: 'builtin:echo', arguments: { value: { answer: [42, '漢字'] } } }] }),
      format: 'json', idempotency_key: 'frames', ack: 'ACK_LEVEL_LOCAL',
    });
    const told = await finished(workflows, submitted.workflow_id);
    const cells = [...records(folder)].flatMap(record => read(record)[1]).flatMap(cellsOf).filter(cell => cell.workflow === told.workflow_id);
    const last = kind => cells.findLast(cell => cell.kind === kind) ?? check(false, `a cell of kind ${kind}`);

    const [namespace, key, ack, definition] = read(last(KIND.definition).payload);
    same([namespace, key, ack], ['default', 'frames', 2], 'namespace, key and ack of the definition');
    same(JSON.parse(Buffer.from(definition).toString()).name, told.name, 'its name');
    const status = statusOf(last(KIND.status));
    same(status.slice(0, 3), [0, TASK_SUCCEEDED, told.tasks[0].attempt], 'generation, state and attempt of the status');
    same(BigInt(status[3]).toString(16).padStart(16, '0'), told.tasks[0].executor, 'its executor');
    same(status[11], BigInt(told.tasks[0].started_unix_ms), 'when it started');
    const result = last(KIND.result);
    const [generation, attempt, executor, , output] = read(result.payload);
    same(JSON.parse(Buffer.from(output).toString()), JSON.parse(told.tasks[0].output_json), 'the result');
    same([generation, attempt], [0, told.tasks[0].attempt], 'its attempt');
    same(BigInt(executor).toString(16).padStart(16, '0'), told.tasks[0].executor, 'its executor');
    same([result.subkey[0], result.subkey[1], BigInt(result.subkey[2])], [0, result.actor, result.seq], 'its subkey is task and dot');
    check(Math.abs(result.atMs - Date.now()) < 600_000, `its stamp is of now: ${result.atMs}`);
    same(result.node, (await unary(cluster, 'GetStatus', {})).node_id, 'its writer');
  },

  async 'exchange: the node reads frames that msgpack-js wrote, and counts what is none'() {
    const malformed = async () => Number((await unary(cluster, 'GetStatus', {})).counters.peer_frames_malformed ?? 0);
    const before = await malformed();
    const good = Object.values(FRAMES).map(write);
    same(await exchange(peer, clusterId, [good]), [String(good.length)], 'credit for good frames');
    same(await malformed() - before, 0, `of ${Object.keys(FRAMES).length} good frames, malformed`);
    same(await exchange(peer, clusterId, MALFORMED.map(each => [each])), MALFORMED.map((_, i) => String(i + 1)), 'credit for bad frames');
    same(await malformed() - before, MALFORMED.length, 'bad frames counted');
  },

  async 'push-pull: the node reads a record that msgpack-js wrote and answers with its own'() {
    const [own] = (await unary(cluster, 'GetMembers', {})).members;
    const header = Buffer.concat([Buffer.from([0x53, 0x57, 1, 0, 0]), Buffer.from(clusterId, 'hex')]);
    const meta = write(['stranger', '127.0.0.1', 1, 0, 1, 'zone-ü', 0]);
    const body = Buffer.concat([header, write([1, 0xfffffffffffffff1n, 1, 0, [[1, 1, 0, 0, meta]], Buffer.alloc(0)])]);
    const answer = await unary(peer, 'PushPull', { body }, { metadata: nodeMetadata(clusterId) });
    same(answer.body.subarray(0, header.length).equals(header), true, 'the header');
    const [from, , round, , known] = read(answer.body.subarray(header.length));
    check(isDeepStrictEqual([BigInt(from).toString(16).padStart(16, '0'), round], [own.node_id, 1]), 'who answers');
    const [id, epoch, incarnation, state, metadata] = known[0];
    same([BigInt(id).toString(16).padStart(16, '0'), String(epoch), String(incarnation), state], [own.node_id, own.epoch, own.incarnation, 0], 'its record');
    same(read(metadata).slice(0, 6), [own.name, own.host, own.grpc_port, own.http_port, own.udp_port, own.zone], 'its metadata');
    const { members } = await unary(cluster, 'GetMembers', {});
    same(members.map(member => member.zone).includes('zone-ü'), true, 'the record is taken in');
  },
});
