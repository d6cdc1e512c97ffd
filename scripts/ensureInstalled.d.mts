/** Types of ensureInstalled.mjs, which runs before a compiler is installed. */
export declare const ROOT: string;
export declare function ensureInstalled(): void;
export declare function run(program: readonly [string, ...string[]], args: readonly string[]): void;
export interface LockedPackage {
  version?: string;
  optional?: boolean;
  devOptional?: boolean;
}
export declare function isInstalled(wanted: Record<string, LockedPackage> | undefined, installed: Record<string, LockedPackage> | undefined): boolean;
