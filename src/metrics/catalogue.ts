import { counter, gauge, histogram } from './definition.ts'

/**
 * Every metric there is. Labels are bounded by the configuration: processes, topics, partitions, models,
 * guards, codes and sinks. Features, versions, ids and values of events are in none.
 */
export const METRICS = {
  buildInfo: gauge('driftstream_build_info', 'Always 1; the version is in the label', ['version']),
  ready: gauge('driftstream_process_ready', '1 where a process has its tasks and their state, else 0', [
    'process',
  ]),
  tasks: gauge('driftstream_tasks', 'Tasks that a process owns', ['process']),
  tasksResting: gauge(
    'driftstream_tasks_resting',
    'Of them, those that read no further for now: too much was refused, or a sink is behind',
    ['process'],
  ),
  restored: gauge(
    'driftstream_restore_ratio',
    'How much of what a task must read again it has read, 0 to 1; there only while it does',
    ['process', 'task'],
  ),
  assignments: counter(
    'driftstream_assignments_total',
    'Times a process was given its tasks, anew or again',
    ['process'],
  ),
  outages: counter('driftstream_log_outages_total', 'Times a process lost the log and began to wait', [
    'process',
  ]),
  schemaRequests: counter('driftstream_schema_requests_total', 'Schemas asked for, by what came of it', [
    'outcome',
  ]),
  schemaRegistryAway: gauge(
    'driftstream_schema_registry_away',
    '1 where the schema registry did not answer when it was asked last, else 0',
    [],
  ),
  recordsRead: counter('driftstream_records_read_total', 'Records folded, repeats after a restart included', [
    'process',
    'topic',
  ]),
  recordsRefused: counter('driftstream_records_refused_total', 'Records written to the dead letters', [
    'process',
    'code',
  ]),
  lag: gauge('driftstream_lag_records', 'Offsets between what was read and the end, as last asked', [
    'process',
    'topic',
    'partition',
  ]),
  flushes: counter(
    'driftstream_flushes_total',
    'Transactions by how they ended: committed, unclear, fenced or failed',
    ['process', 'outcome'],
  ),
  flushSeconds: histogram(
    'driftstream_flush_duration_seconds',
    'Time from handing a transaction over to its end',
    ['process'],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ),

  eventsCounted: counter('driftstream_events_counted_total', 'Feature events counted into sketches', [
    'model',
  ]),
  labelsJoined: counter('driftstream_labels_joined_total', 'Labels booked to their predictions', ['model']),
  lateEvents: counter(
    'driftstream_late_events_total',
    'Feature events that came after their pane had closed',
    [],
  ),
  duplicatePredictions: counter(
    'driftstream_duplicate_predictions_total',
    'Feature events whose id was there before',
    [],
  ),
  duplicateLabels: counter('driftstream_duplicate_labels_total', 'Labels whose id had one before', []),
  orphanLabels: counter('driftstream_orphan_labels_total', 'Labels whose predictions never came', []),
  expiredPredictions: counter(
    'driftstream_expired_predictions_total',
    'Predictions whose labels did not come in time',
    [],
  ),
  unreferenced: counter(
    'driftstream_unreferenced_events_total',
    'Feature events of a version without a reference',
    [],
  ),
  joinWaiting: gauge('driftstream_join_waiting', 'Predictions and labels that wait for one another', [
    'task',
  ]),
  joinOnDisk: gauge('driftstream_join_on_disk', 'Predictions kept for their labels on disk, not in memory', [
    'task',
  ]),
  joinDiskBytes: gauge('driftstream_join_disk_bytes', 'Size of the scratch file of a task', ['task']),
  completeUntil: gauge(
    'driftstream_complete_until_timestamp_seconds',
    'Event time up to which a task of an observer is complete',
    ['task'],
  ),

  deltasMerged: counter('driftstream_deltas_merged_total', 'Deltas taken in, those behind a gap included', [
    'task',
  ]),
  deltaOverlaps: counter(
    'driftstream_delta_overlaps_total',
    'Deltas that covered offsets merged before, dropped',
    ['task'],
  ),
  deltaGaps: counter(
    'driftstream_delta_gaps_total',
    'Places where source offsets are missing between two deltas; every task of a detector sees each',
    ['task'],
  ),
  missingOffsets: counter(
    'driftstream_missing_offsets_total',
    'Source offsets missing in all gaps together, as each task of a detector sees them',
    ['task'],
  ),
  panesClosed: counter('driftstream_panes_closed_total', 'Panes that a task of a detector has closed', [
    'task',
  ]),
  judgements: counter(
    'driftstream_judgements_total',
    'Closed panes at which a model was judged, each a look at its base windows',
    ['model'],
  ),
  tests: counter(
    'driftstream_tests_total',
    'Tests taken when panes closed, one for each finding that was not kept from a look before',
    ['model'],
  ),
  longerLooks: counter(
    'driftstream_longer_looks_total',
    'Looks at windows longer than a base, taken only when they have moved',
    ['model'],
  ),
  findings: counter(
    'driftstream_findings_total',
    'Findings of closed panes by verdict, those kept from a look before included',
    ['model', 'verdict'],
  ),
  episodesOpen: gauge('driftstream_episodes_open', 'Open drift episodes', ['model', 'diagnosis']),
  triggersFired: counter('driftstream_triggers_fired_total', 'Firings of triggers', ['model']),
  requests: counter('driftstream_retrain_requests_total', 'Firings that became retrain requests', ['model']),
  suppressed: counter('driftstream_triggers_suppressed_total', 'Firings that a guard held back', [
    'model',
    'guard',
  ]),
  inFlight: gauge('driftstream_retrains_in_flight', 'Retrain requests that have no end yet', ['model']),
  snapshots: counter('driftstream_snapshots_total', 'Snapshots of detector state committed', []),
  snapshotBytes: gauge('driftstream_snapshot_bytes', 'Size of the newest snapshot of a task, packed', [
    'task',
  ]),
  replayBytes: gauge(
    'driftstream_replay_bytes',
    'What a restart of a task would read behind its newest snapshot',
    ['task'],
  ),

  rolloutStage: gauge(
    'driftstream_rollout_stage',
    '1 for the stage at which the newest request of a model is',
    ['model', 'stage'],
  ),
  trainings: counter('driftstream_rollouts_total', 'Retrain requests that ended, by their last stage', [
    'model',
    'stage',
  ]),
  trainingsRunning: gauge('driftstream_trainings_running', 'Trainings that a process follows', []),

  alerts: counter(
    'driftstream_alerts_total',
    'Alerts by sink and by what became of them: delivered, failed, limited or stale',
    ['sink', 'outcome'],
  ),
  alertAttempts: counter('driftstream_alert_attempts_total', 'Attempts to deliver an alert', ['sink']),
  alertsPending: gauge('driftstream_alerts_pending', 'Alerts on their way to a sink', []),

  seriesRefused: counter(
    'driftstream_metric_series_refused_total',
    'Values left out because a metric has too many series',
    [],
  ),
  residentBytes: gauge('process_resident_memory_bytes', 'Memory of the process', []),
  heapBytes: gauge('nodejs_heap_size_used_bytes', 'Of it, the used heap of JavaScript', []),
  cpuSeconds: counter('process_cpu_seconds_total', 'Processor time used, user and system', []),
  startSeconds: gauge('process_start_time_seconds', 'When the process began', []),
  loopLag99: gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'By how much timers came late since the last scrape, 99 % of them less',
    [],
  ),
  loopLagMax: gauge('nodejs_eventloop_lag_max_seconds', 'The same, the latest of all', []),
} as const
