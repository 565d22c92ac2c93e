// Streams: one way down, both ways.
import grpc from '@grpc/grpc-js';
import { check, DEADLINE_MS, exchange, nodeMetadata, refusal, same, unary } from './harness.js';

/** The status with which a stream ends that the node must refuse. */
const ended = stream => new Promise((resolve, reject) => {
  stream.on('data', answer => reject(new Error(`answered: ${JSON.stringify(answer)}`)));
  stream.on('error', () => { });
  stream.on('status', status => resolve(grpc.status[status.code]));
});

const STEPS = `
tasks:
  - { id: one, tool: "builtin:delay", arguments: { ms: 300, value: 1 } }
  - { id: two, tool: "builtin:delay", arguments: { ms: 300, value: "$OUTPUT[one]" } }
output: "$OUTPUT[two]"
`;
const SLOW = 'tasks: [{ id: slow, tool: "builtin:delay", arguments: { ms: 600000 }, timeout_ms: 900000 }]';

/** Reads a watch to its end: the workflow as the events make it, how many there were, the last token. */
async function followed(stream, workflow) {
  let events = 0, token;
  for await (const event of stream) {
    events++;
    token = event.resume_token;
    if (event.event === 'snapshot') {
      workflow = event.snapshot;
    } else {
      const { tasks, ...rest } = event.delta;
      workflow = { ...workflow, ...rest, tasks: workflow.tasks.map(task => tasks.find(changed => changed.id === task.id) ?? task) };
    }
  }
  return { workflow, events, token };
}

export const streams = ({ workflows, health, peer, clusterId }) => ({
  async 'server-streaming: a workflow is followed from a snapshot to its end'() {
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: STEPS });
    const { workflow, events } = await followed(workflows.WatchWorkflow({ workflow_id }, { deadline: Date.now() + DEADLINE_MS }));
    same([workflow.workflow_id, workflow.state, workflow.output_json], [workflow_id, 'WORKFLOW_STATE_SUCCEEDED', '1'], 'the workflow');
    check(events >= 3, `it was told on the way: ${events} events`);
    const told = await unary(workflows, 'GetWorkflow', { workflow_id });
    same(workflow.tasks, told.tasks, 'its tasks, put together');
  },

  async 'server-streaming: a broken watch goes on from its resume token'() {
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: STEPS });
    const first = workflows.WatchWorkflow({ workflow_id }, { deadline: Date.now() + DEADLINE_MS });
    first.on('error', () => { });
    const event = await new Promise((resolve, reject) => first.once('data', resolve).once('error', reject));
    first.cancel();
    same(event.event, 'snapshot', 'the first event');
    const request = { workflow_id, resume_token: event.resume_token };
    const { workflow } = await followed(workflows.WatchWorkflow(request, { deadline: Date.now() + DEADLINE_MS }), event.snapshot);
    same([workflow.state, workflow.output_json], ['WORKFLOW_STATE_SUCCEEDED', '1'], 'the workflow');
  },

  async 'server-streaming: deadline and unknown workflow end it with their status'() {
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: SLOW });
    const late = followed(workflows.WatchWorkflow({ workflow_id }, { deadline: Date.now() + 500 }));
    same((await refusal(late)).status, 'DEADLINE_EXCEEDED', 'the status');
    await unary(workflows, 'CancelWorkflow', { workflow_id });
    const unknown = await refusal(followed(workflows.WatchWorkflow({ workflow_id: '0'.repeat(31) + '1' }, { deadline: Date.now() + DEADLINE_MS })));
    same([unknown.status, Boolean(unknown.error?.code)], ['NOT_FOUND', true], 'an unknown workflow');
  },

  async 'server-streaming: a health watch tells at once, stays open and ends with its deadline'() {
    const stream = health.Watch({ service: '' }, { deadline: Date.now() + 1500 });
    const told = [];
    const status = new Promise(resolve => stream.on('data', answer => told.push(answer.status)).on('error', () => { }).on('status', resolve));
    same(grpc.status[(await status).code], 'DEADLINE_EXCEEDED', 'the status');
    same(told, ['SERVING'], 'what it told');
  },

  async 'server-streaming: a watch given up by the client is CANCELLED'() {
    const stream = health.Watch({ service: '' }, { deadline: Date.now() + 20_000 });
    const status = new Promise(resolve => stream.on('error', () => { }).on('status', resolve));
    stream.once('data', () => stream.cancel());
    same(grpc.status[(await status).code], 'CANCELLED', 'the status');
  },

  async 'two-way streaming: each message is answered while the stream stays open'() {
    const empty = Array.from({ length: 100 }, () => []);
    same(await exchange(peer, clusterId, empty), empty.map(() => '0'), 'a hundred answers');
  },

  async 'two-way streaming: a stranger on the nodes\' own stream is refused'() {
    const stream = peer.Exchange(nodeMetadata('0000000000000001'), { deadline: Date.now() + 20_000 });
    const status = ended(stream);
    stream.write({ frames: [Buffer.from([0xc1])] });
    same(await status, 'PERMISSION_DENIED', 'the status');
  },
});
