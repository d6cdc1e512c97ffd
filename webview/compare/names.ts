/** Names of runs that tell them apart. Pure. */

/** Two runs of the same name get the end of their ids besides. */
export function namesOf(jobs: readonly { job_id: string; name: string }[]): string[] {
  return jobs.map(({ job_id, name }) => jobs.filter(other => other.name === name).length === 1 ? name : `${name} (${job_id.slice(job_id.lastIndexOf('_') + 1)})`);
}
