import Foundation
import PackagePlugin

/// Writes the commit the program is built from into a Swift file, when another commit is checked out or a source has
/// changed.
///
/// The manifest's own git information is not used: it is cached with the manifest, so it goes stale with the next commit.
/// Nor is a prebuild command, which SwiftPM runs only when it plans anew; a commit alone does not make it do so.
@main
struct StampCommit: BuildToolPlugin {
  /// What the program is built from, below the package's folder.
  private static let sources = ["Package.swift", "Package.resolved", "Plugins", "Sources"]

  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL
    let file = context.pluginWorkDirectoryURL.appending(path: "Commit.swift")
    // The file is touched only when its text changes, so that an unchanged commit compiles nothing.
    let script = """
      cd "$1" && shift && file="$1" && shift || exit 1
      commit=$(git rev-parse HEAD 2>/dev/null) || commit=unknown
      [ "$commit" = unknown ] || [ -z "$(git --no-optional-locks status --porcelain -- "$@" 2>/dev/null | head -n 1)" ] ||
        commit="$commit-modified"
      text="/// The commit this program was built from, with \\"-modified\\" behind it if its sources had changed since.
      package let builtFromCommit = \\"$commit\\""
      [ "$text" = "$(cat "$file" 2>/dev/null)" ] || printf '%s\\n' "$text" > "$file"
      """
    return [
      .buildCommand(
        displayName: "Stamp the commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", script, "stamp", root.path, file.path] + Self.sources,
        inputFiles: sourceFiles(below: root) + traces(ofCommitsIn: root), outputFiles: [file])
    ]
  }

  private func sourceFiles(below root: URL) -> [URL] {
    var files: [URL] = []
    for place in Self.sources.map({ root.appending(path: $0) }) {
      files.append(place)
      let inside = FileManager.default.enumerator(at: place, includingPropertiesForKeys: [.isRegularFileKey])
      while let file = inside?.nextObject() as? URL { files.append(file) }
    }
    return files.filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true }
  }

  /// What git touches when another commit becomes that of the checkout: HEAD with its log, or, where no log is kept, with
  /// the folder of branches. Git says where they are, since a worktree and a submodule have them elsewhere than in `.git`.
  /// A branch's own file is none of them: when git packs it away, an input of the build would be missing.
  ///
  /// - Returns: nothing where there is no git or no repository.
  private func traces(ofCommitsIn root: URL) -> [URL] {
    let log = places(of: "logs/HEAD", in: root)
    return places(of: "HEAD", in: root) + (log.isEmpty ? places(of: "refs/heads", in: root) : log)
  }

  /// Where git keeps something of a repository; empty if that is not there.
  private func places(of name: String, in root: URL) -> [URL] {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "rev-parse", "--git-path", name]
    git.currentDirectoryURL = root
    let answer = Pipe()
    git.standardOutput = answer
    git.standardError = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return [] }
    let text = String(decoding: answer.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { return [] }
    let place = URL(filePath: text.trimmingCharacters(in: .newlines), relativeTo: root).absoluteURL.standardizedFileURL
    return FileManager.default.fileExists(atPath: place.path) ? [place] : []
  }
}
