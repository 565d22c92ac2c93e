// Streams: one way down, both ways.
import grpc from '@grpc/grpc-js';
import { exchange, nodeMetadata, same } from './harness.js';

/** The status with which a stream ends that the node must refuse. */
const ended = stream => new Promise((resolve, reject) => {
  stream.on('data', answer => reject(new Error(`answered: ${JSON.stringify(answer)}`)));
  stream.on('error', () => { });
  stream.on('status', status => resolve(grpc.status[status.code]));
});

export const streams = ({ health, peer, clusterId }) => ({
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
