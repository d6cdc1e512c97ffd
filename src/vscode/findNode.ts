/** Which Node runs trainer and service; the search is shared with the command line. */
export { findNode, type NodeProgram } from '../jobs/findNode';
