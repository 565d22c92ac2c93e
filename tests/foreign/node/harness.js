// Runs named cases against a live node: each says ok or FAILED with its name, and the process fails if one did.
import { isDeepStrictEqual, inspect } from 'node:util';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import protobuf from 'protobufjs';

export const DEADLINE_MS = 40_000;
const PROTOS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../protos');
const FILES = ['swim/v1/workflows.proto', 'swim/v1/cluster.proto', 'swim/v1/peer.proto', 'grpc/health/v1/health.proto'];
const SHAPE = { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

const loaded = grpc.loadPackageDefinition(protoLoader.loadSync(FILES, SHAPE));
/** The services of protos/ as grpc-js has them. */
export const services = { ...loaded.swim.v1, Health: loaded.grpc.health.v1.Health };

const root = new protobuf.Root();
root.resolvePath = (_, target) => path.isAbsolute(target) ? target : path.join(PROTOS, target);
root.loadSync(FILES, { keepCase: true });
const ErrorMessage = root.lookupType('swim.v1.Error');

export function check(holds, what) {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

export function same(actual, expected, what) {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${what}: ${inspect(actual)} instead of ${inspect(expected)}`);
}

/** The answer of a unary call; rejects with grpc-js' own error. `onCall` sees the call while it is under way. */
export function unary(client, method, request, { metadata = new grpc.Metadata(), deadlineMs = DEADLINE_MS, onCall } = {}) {
  return new Promise((resolve, reject) => {
    const call = client[method](request, metadata, { deadline: Date.now() + deadlineMs }, (error, answer) => error ? reject(error) : resolve(answer));
    onCall?.(call);
  });
}

/** The status name of a call that must fail, and the Error in its trailer, if there is one. */
export async function refusal(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (failure) {
    if (failure.code === undefined) throw failure;
    const [bytes] = failure.metadata?.get('swim-error-bin') ?? [];
    return { status: grpc.status[failure.code], error: bytes && ErrorMessage.toObject(ErrorMessage.decode(bytes), { defaults: true, longs: String }) };
  }
  throw new Error(`accepted: ${inspect(answer)}`);
}

/** The workflow at its end, by long polls. */
export async function finished(workflows, workflowId) {
  for (let i = 0; i < 10; i++) {
    const workflow = await unary(workflows, 'GetWorkflow', { workflow_id: workflowId, wait_ms: 5000 });
    if (Number(workflow.finished_unix_ms) > 0) return workflow;
  }
  throw new Error(`${workflowId} does not end`);
}

/** What a node's call says of who calls. */
export function nodeMetadata(clusterId) {
  const metadata = new grpc.Metadata();
  metadata.set('swim-node-id', '0000000000000001');
  metadata.set('swim-cluster-id', clusterId);
  return metadata;
}

/** Sends one message of frames after the other on the nodes' two-way stream, each once the one before is answered; gives the answers. */
export async function exchange(peer, clusterId, messages) {
  const stream = peer.Exchange(nodeMetadata(clusterId), { deadline: Date.now() + DEADLINE_MS });
  const answers = stream[Symbol.asyncIterator](), taken = [];
  for (const frames of messages) {
    stream.write({ frames });
    taken.push((await answers.next()).value.taken);
  }
  stream.end();
  same((await answers.next()).done, true, 'the stream ends after its last answer');
  return taken;
}

/** Runs the cases one after the other; each has `timeoutMs` at most. */
export async function run(client, cases, timeoutMs = 60_000) {
  let failed = 0;
  for (const [name, body] of Object.entries(cases)) {
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs} ms`)), timeoutMs); });
    try {
      await Promise.race([body(), late]);
      console.log(`ok: ${client}: ${name}`);
    } catch (failure) {
      failed++;
      console.log(`FAILED: ${client}: ${name}: ${failure.message}`);
    } finally {
      clearTimeout(timer);
    }
  }
  console.log(`${client}: ${Object.keys(cases).length - failed} of ${Object.keys(cases).length} cases hold`);
  return failed;
}
