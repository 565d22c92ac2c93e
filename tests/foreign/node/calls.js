// Unary calls, errors with details, metadata.
import grpc from '@grpc/grpc-js';
import { check, finished, refusal, same, unary } from './harness.js';

const DIAMOND = `
name: diamond
tasks:
  - { id: left, tool: "builtin:echo", arguments: { value: 20 } }
  - { id: right, tool: "builtin:delay", arguments: { ms: 50, value: 22 } }
  - { id: both, tool: "builtin:sum", arguments: { values: ["$OUTPUT[left]", "$OUTPUT[right]"] } }
output: { answer: "$OUTPUT[both]", text: "ünï 漢字" }
`;
const HALF = `
tasks:
  - { id: good, tool: "builtin:echo", arguments: { value: 1 } }
  - { id: bad, tool: "builtin:fail", arguments: { message: "as asked", code: "ASKED_FOR" } }
`;
const CYCLE = `
tasks:
  - { id: a, tool: "builtin:echo", arguments: { value: 1 }, depends_on: [b] }
  - { id: b, tool: "builtin:echo", arguments: { value: 1 }, depends_on: [a] }
`;

export const calls = ({ workflows, cluster, peer }) => ({
  async 'unary: a workflow runs and gives its output'() {
    const request = { document: DIAMOND, format: 'yaml', idempotency_key: 'grpc-js-1' };
    const first = await unary(workflows, 'SubmitWorkflow', request);
    check(first.workflow_id.length === 32 && !first.existing, 'a submission gives a new id');
    const again = await unary(workflows, 'SubmitWorkflow', request);
    same([again.existing, again.workflow_id], [true, first.workflow_id], 'the same key');
    const workflow = await finished(workflows, first.workflow_id);
    same(workflow.state, 'WORKFLOW_STATE_SUCCEEDED', 'its state');
    same(JSON.parse(workflow.output_json), { answer: 42, text: 'ünï 漢字' }, 'its output');
    same(workflow.tasks.map(task => task.id), ['left', 'right', 'both'], 'its tasks');
  },

  async 'unary: the cluster tells its members and status'() {
    const { members } = await unary(cluster, 'GetMembers', {});
    same(members.map(member => [member.self, member.state]), [[true, 'MEMBER_STATE_ALIVE']], 'members');
    const status = await unary(cluster, 'GetStatus', {});
    same([status.ready, status.node_id], [true, members[0].node_id], 'status');
  },

  async 'error: a failed task says why'() {
    const { workflow_id } = await unary(workflows, 'SubmitWorkflow', { document: HALF });
    const workflow = await finished(workflows, workflow_id);
    same(workflow.state, 'WORKFLOW_STATE_PARTIAL', 'its state');
    same([workflow.tasks[1].error.code, workflow.tasks[1].error.message], ['ASKED_FOR', 'as asked'], 'its error');
  },

  async 'error: the trailer swim-error-bin tells code, message and place'() {
    const cycle = await refusal(unary(workflows, 'SubmitWorkflow', { document: CYCLE }));
    same([cycle.status, cycle.error?.retryable], ['INVALID_ARGUMENT', false], 'a cycle');
    check(/cycle/.test(cycle.error.message) && /line/.test(cycle.error.message), `the place is named: ${cycle.error.message}`);
    const taken = await refusal(unary(workflows, 'SubmitWorkflow', { document: HALF, idempotency_key: 'grpc-js-1' }));
    same([taken.status, Boolean(taken.error?.code)], ['ALREADY_EXISTS', true], 'a key used for another document');
    const unknown = await refusal(unary(workflows, 'GetWorkflow', { workflow_id: '0'.repeat(31) + '1' }));
    same([unknown.status, Boolean(unknown.error?.code)], ['NOT_FOUND', true], 'an unknown workflow');
  },

  async 'error: a method that is not there is UNIMPLEMENTED'() {
    const identity = bytes => bytes;
    const call = new Promise((resolve, reject) => workflows.makeUnaryRequest(
      '/swim.v1.Workflows/NoSuchMethod', identity, identity, Buffer.alloc(0), (error, answer) => error ? reject(error) : resolve(answer)));
    same((await refusal(call)).status, 'UNIMPLEMENTED', 'the status');
  },

  async 'metadata: text and bytes go up unharmed, headers and trailers come down'() {
    const metadata = new grpc.Metadata();
    metadata.set('x-text', 'a'.repeat(4000));
    metadata.set('x-bytes-bin', Buffer.from([0, 255, 10, 13]));
    let headers, status;
    const answer = await unary(cluster, 'GetStatus', {}, {
      metadata,
      onCall: call => call.on('metadata', got => { headers = got; }).on('status', got => { status = got; }),
    });
    check(answer.ready, 'the call is answered');
    same(headers.get('content-type'), ['application/grpc'], 'its headers');
    await new Promise(resolve => setImmediate(resolve));
    same(status.code, grpc.status.OK, 'its trailers');
  },

  async 'metadata: a node call with another cluster\'s id in it is refused'() {
    for (const id of ['0000000000000001', 'not hexadecimal', undefined]) {
      const metadata = new grpc.Metadata();
      metadata.set('swim-node-id', '0000000000000001');
      if (id !== undefined) metadata.set('swim-cluster-id', id);
      same((await refusal(unary(peer, 'PushPull', { body: Buffer.from([1, 2, 3]) }, { metadata }))).status, 'PERMISSION_DENIED', `cluster id ${id}`);
    }
  },
});
