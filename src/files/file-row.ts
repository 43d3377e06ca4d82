/** One row of a file by column name; only the row's own properties are columns. */
export type FileRow = Record<string, unknown>
