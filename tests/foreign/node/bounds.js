// Time and size: deadlines, cancellation, large messages, compression.
import net from 'node:net';
import grpc from '@grpc/grpc-js';
import { check, finished, refusal, same, services, unary } from './harness.js';

const SLOW = 'tasks: [{ id: slow, tool: "builtin:delay", arguments: { ms: 600000 }, timeout_ms: 900000 }]';
const MIB = 1 << 20;
/** A small JSON document in a large message: white space between its tokens. */
const padded = value => JSON.stringify({ tasks: [{ id: 'a', tool: 'builtin:echo', arguments: { value } }], output: '$OUTPUT[a]' }).replace('{', '{' + ' '.repeat(MIB));

/** Counts what goes through a port of its own to the node and back. */
async function counted(address, use) {
  const [host, port] = [address.slice(0, address.lastIndexOf(':')), Number(address.slice(address.lastIndexOf(':') + 1))];
  const sockets = new Set(), bytes = { up: 0, down: 0 };
  const server = net.createServer(near => {
    const far = net.connect(port, host);
    for (const socket of [near, far]) { sockets.add(socket); socket.on('error', () => { near.destroy(); far.destroy(); }); }
    near.on('data', data => { bytes.up += data.length; }).pipe(far);
    far.on('data', data => { bytes.down += data.length; }).pipe(near);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`127.0.0.1:${server.address().port}`);
  } finally {
    sockets.forEach(socket => socket.destroy());
    server.close();
  }
  return bytes;
}

export const bounds = ({ address, workflows, cluster }) => ({
  async 'deadline: a call that waits longer ends as DEADLINE_EXCEEDED'() {
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: SLOW });
    const began = performance.now();
    const late = await refusal(unary(workflows, 'GetWorkflow', { workflow_id, wait_ms: 30_000 }, { deadlineMs: 400 }));
    same(late.status, 'DEADLINE_EXCEEDED', 'the status');
    check(performance.now() - began < 10_000, 'it did not wait for the answer');
    same((await unary(workflows, 'GetWorkflow', { workflow_id })).state, 'WORKFLOW_STATE_RUNNING', 'the workflow, untouched by it');
    await unary(workflows, 'CancelWorkflow', { workflow_id });
    same((await finished(workflows, workflow_id)).state, 'WORKFLOW_STATE_CANCELLED', 'the workflow after its own cancel');
  },

  async 'cancellation: a call given up by the client ends, the workflow does not'() {
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: SLOW });
    let call;
    const given = refusal(unary(workflows, 'GetWorkflow', { workflow_id, wait_ms: 30_000 }, { onCall: got => { call = got; } }));
    await unary(workflows, 'GetWorkflow', { workflow_id, wait_ms: 200 }); // the same channel: the call before is at the node by now
    call.cancel();
    same((await given).status, 'CANCELLED', 'the status');
    same((await unary(workflows, 'GetWorkflow', { workflow_id })).state, 'WORKFLOW_STATE_RUNNING', 'the workflow');
    await unary(workflows, 'CancelWorkflow', { workflow_id });
    await finished(workflows, workflow_id);
  },

  async '1 MB: a request of more than 1 MiB is taken'() {
    const document = padded('large up');
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document, format: 'json' });
    same(JSON.parse((await finished(workflows, workflow_id)).output_json), 'large up', 'its output');
  },

  async '1 MB: an answer of more than 1 MiB arrives whole'() {
    const text = 'wörd '.repeat(5000), copies = 40;
    const tasks = [{ id: 'text', tool: 'builtin:echo', arguments: { value: text } }];
    for (let i = 0; i < copies; i++) tasks.push({ id: `copy-${i}`, tool: 'builtin:echo', arguments: { value: '$OUTPUT[text]' } });
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: JSON.stringify({ tasks }), format: 'json' });
    const workflow = await finished(workflows, workflow_id);
    const outputs = workflow.tasks.map(task => JSON.parse(task.output_json));
    check(outputs.reduce((sum, output) => sum + Buffer.byteLength(output), 0) > MIB, 'it is that large');
    check(outputs.length === copies + 1 && outputs.every(output => output === text), 'every output is as it was sent');
  },

  async '1 MB: a request over the limit of 40 MiB is RESOURCE_EXHAUSTED'() {
    const document = ' '.repeat(41 * MIB);
    same((await refusal(unary(workflows, 'SubmitWorkflow', { document, format: 'json' }))).status, 'RESOURCE_EXHAUSTED', 'the status');
    check((await unary(cluster, 'GetStatus', {})).ready, 'the node goes on');
  },

  async 'gzip: a compressed request is read'() {
    const options = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip };
    const submit = async (at, given, value) => {
      const client = new services.Workflows(at, grpc.credentials.createInsecure(), given);
      const { workflow_id } = await unary(client, 'SubmitWorkflow', { document: padded(value), format: 'json' });
      same(JSON.parse((await finished(client, workflow_id)).output_json), value, 'its output');
      client.close();
    };
    const small = await counted(address, at => submit(at, options, 'compressed'));
    const large = await counted(address, at => submit(at, {}, 'plain'));
    check(large.up > MIB && small.up < large.up / 10, `compressed ${small.up} bytes, plain ${large.up} bytes went up`);
  },
});
