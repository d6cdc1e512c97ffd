/** The few things used last, each made once; the one not used for longest makes room. */
export class Recent<T> {
  private readonly made = new Map<string, Promise<T>>();

  constructor(private readonly capacity: number, private readonly release: (value: T) => void | Promise<void> = () => {}) {}

  /** What is there by that key, or what `make` gives. A failure is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.made.get(key) ?? make();
    this.made.delete(key);
    this.made.set(key, value);
    value.catch(() => { if (this.made.get(key) === value) this.made.delete(key); });
    const [oldest] = this.made.keys();
    if (this.made.size > this.capacity && oldest !== undefined) this.drop(oldest);
    return value;
  }

  /** Released as soon as nobody can ask for it by its key any more. */
  private drop(key: string): void {
    const value = this.made.get(key);
    this.made.delete(key);
    void value?.then(this.release, () => {});
  }
}
