// Prints the id of the cluster with the name given: node cluster-id.js NAME
import { xxHash64 } from './xxhash64.js';

console.log(xxHash64(Buffer.from(process.argv[2])).toString(16).padStart(16, '0'));
