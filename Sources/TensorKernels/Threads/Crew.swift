import CProcessor
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The helper threads of a pool. They keep it alive, not the pool, so that they can end in peace.
///
/// Unchecked: `jobs`, `sleepers` and `waitingCallers` are only touched under `mutex`.
final class Crew: @unchecked Sendable {
  /// How often a thread looks before it sleeps: some tens of microseconds.
  private static let spins = 4_000

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let workArrived: UnsafeMutablePointer<pthread_cond_t>
  private let helperLeft: UnsafeMutablePointer<pthread_cond_t>
  private var jobs: [Job] = []
  private var sleepers = 0
  private var waitingCallers = 0
  /// Raised with each job, so that a helper sees without the lock that something is new.
  private let arrivals = Atomic<Int>(0)
  private let isDismissed = Atomic<Bool>(false)

  init(helpers: Int) {
    mutex = .allocate(capacity: 1)
    workArrived = .allocate(capacity: 1)
    helperLeft = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(workArrived, nil)
    pthread_cond_init(helperLeft, nil)
    for worker in 1...helpers { startHelper(worker) }
  }

  deinit {
    pthread_cond_destroy(helperLeft)
    pthread_cond_destroy(workArrived)
    pthread_mutex_destroy(mutex)
    helperLeft.deallocate()
    workArrived.deallocate()
    mutex.deallocate()
  }

  /// Lets the helpers end once they have nothing to do.
  func dismiss() {
    pthread_mutex_lock(mutex)
    isDismissed.store(true, ordering: .releasing)
    arrivals.wrappingAdd(1, ordering: .releasing)
    pthread_cond_broadcast(workArrived)
    pthread_mutex_unlock(mutex)
  }

  /// Works on a job together with the helpers that are free, and returns when it is done.
  func run(_ job: Job) {
    pthread_mutex_lock(mutex)
    jobs.append(job)
    arrivals.wrappingAdd(1, ordering: .releasing)
    if sleepers > 0 { pthread_cond_broadcast(workArrived) }
    pthread_mutex_unlock(mutex)

    Self.isWorking = true
    job.work(as: 0)
    Self.isWorking = false

    // Once it is off the list no helper enters; those inside are waited for.
    pthread_mutex_lock(mutex)
    jobs.removeAll { $0 === job }
    pthread_mutex_unlock(mutex)
    var spins = Self.spins
    while job.helpers.load(ordering: .acquiring) > 0 {
      if spins > 0 {
        spins -= 1
        nefro_processor_pause()
        continue
      }
      pthread_mutex_lock(mutex)
      waitingCallers += 1
      while job.helpers.load(ordering: .acquiring) > 0 { pthread_cond_wait(helperLeft, mutex) }
      waitingCallers -= 1
      pthread_mutex_unlock(mutex)
    }
  }

  // MARK: - Helpers

  private final class Start {
    let crew: Crew
    let worker: Int
    init(crew: Crew, worker: Int) {
      self.crew = crew
      self.worker = worker
    }
  }

  /// A thread that cannot be started is one helper less: the caller and the others do its work.
  private func startHelper(_ worker: Int) {
    let start = Unmanaged.passRetained(Start(crew: self, worker: worker))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, nil, helperMain, start.toOpaque())
    guard status == 0 else {
      start.release()
      return
    }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  fileprivate static func helperBody(_ context: UnsafeMutableRawPointer) {
    let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
    isWorking = true
    start.crew.help(as: start.worker)
  }

  private func help(as worker: Int) {
    while true {
      let seen = arrivals.load(ordering: .acquiring)
      if let job = enterJob() {
        job.work(as: worker)
        leave(job)
      } else if isDismissed.load(ordering: .acquiring) {
        return
      } else {
        waitForArrival(after: seen)
      }
    }
  }

  private func enterJob() -> Job? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard let job = jobs.first(where: \.hasUnclaimedWork) else { return nil }
    job.helpers.wrappingAdd(1, ordering: .relaxed)
    return job
  }

  private func leave(_ job: Job) {
    pthread_mutex_lock(mutex)
    job.helpers.wrappingSubtract(1, ordering: .releasing)
    if waitingCallers > 0 { pthread_cond_broadcast(helperLeft) }
    pthread_mutex_unlock(mutex)
  }

  private func waitForArrival(after seen: Int) {
    var spins = Self.spins
    while spins > 0 {
      if arrivals.load(ordering: .relaxed) != seen { return }
      nefro_processor_pause()
      spins -= 1
    }
    pthread_mutex_lock(mutex)
    sleepers += 1
    while arrivals.load(ordering: .relaxed) == seen { pthread_cond_wait(workArrived, mutex) }
    sleepers -= 1
    pthread_mutex_unlock(mutex)
  }

  // MARK: - Nested calls

  /// Whether this thread is inside a body of some pool: its own calls then run inline.
  static var isWorking: Bool {
    get { pthread_getspecific(workingKey) != nil }
    set { pthread_setspecific(workingKey, newValue ? UnsafeMutableRawPointer(bitPattern: 1) : nil) }
  }

  private static let workingKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()
}

#if canImport(Darwin)
  private func helperMain(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Crew.helperBody(context)
    return nil
  }
#else
  private func helperMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Crew.helperBody(context) }
    return nil
  }
#endif
