// @grpc/grpc-js and @msgpack/msgpack against a live node. Usage: node client.js HOST:PORT CLUSTER-NAME DATA-FOLDER. Exits 0 only if every case held.
import grpc from '@grpc/grpc-js';
import { run, services } from './harness.js';
import { calls } from './calls.js';
import { bounds } from './bounds.js';
import { frames } from './frames.js';
import { streams } from './streams.js';
import { xxHash64 } from './xxhash64.js';

const [address, name, folder] = process.argv.slice(2);
const open = (Service, options = {}) => new Service(address, grpc.credentials.createInsecure(), options);
const node = {
  address,
  folder,
  clusterId: xxHash64(Buffer.from(name)).toString(16).padStart(16, '0'),
  workflows: open(services.Workflows),
  cluster: open(services.Cluster),
  peer: open(services.Peer),
  health: open(services.Health),
};

const failed = await run('grpc-js', { ...calls(node), ...bounds(node), ...streams(node) }) + await run('msgpack-js', frames(node));
process.exit(failed === 0 ? 0 : 1);
