/** The tables as Merlina's Python makes them. Source: Merlina 2.2.0, src/job_manager.py. */
import { addColumns } from './migration';
import type { Migration } from './migration';

export const merlinaTables: Migration = {
  version: 1,
  up(db) {
    db.run(`CREATE TABLE IF NOT EXISTS jobs (
      job_id TEXT PRIMARY KEY, status TEXT NOT NULL, progress REAL DEFAULT 0.0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
      config TEXT NOT NULL, current_step INTEGER, total_steps INTEGER, loss REAL, eval_loss REAL, learning_rate REAL, error TEXT,
      output_dir TEXT, metrics TEXT, wandb_url TEXT, stop_requested INTEGER DEFAULT 0)`);
    db.run(`CREATE TABLE IF NOT EXISTS training_metrics (
      id INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL, timestamp TEXT NOT NULL, step INTEGER NOT NULL, loss REAL, eval_loss REAL,
      learning_rate REAL, gpu_memory_used REAL, FOREIGN KEY (job_id) REFERENCES jobs (job_id))`);
    // Columns that its own migrations add; its oldest databases lack some of the first, too.
    addColumns(db, 'jobs', {
      wandb_url: 'TEXT', stop_requested: 'INTEGER DEFAULT 0', upload_error: 'TEXT', gguf_error: 'TEXT', worker_pid: 'INTEGER', progress_file: 'TEXT',
    });
    db.run('CREATE INDEX IF NOT EXISTS idx_jobs_status ON jobs (status)');
    db.run('CREATE INDEX IF NOT EXISTS idx_jobs_created ON jobs (created_at DESC)');
    db.run('CREATE INDEX IF NOT EXISTS idx_metrics_job ON training_metrics (job_id, step)');
  },
};
