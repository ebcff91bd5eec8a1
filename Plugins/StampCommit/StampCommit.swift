import Foundation
import PackagePlugin

/// Writes the commit the program is built from into a Swift file, before each build.
///
/// The manifest's own git information is not used: it is cached with the manifest, so it goes stale with the next commit.
@main
struct StampCommit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = context.pluginWorkDirectoryURL.appending(path: "Generated")
    // The file is touched only when its text changes, so that an unchanged commit compiles nothing.
    let script = """
      mkdir -p "$2" && cd "$1" || exit 0
      commit=$(git rev-parse HEAD 2>/dev/null) || commit=unknown
      [ "$commit" = unknown ] || [ -z "$(git status --porcelain 2>/dev/null | head -n 1)" ] || commit="$commit-modified"
      text="/// The commit this program was built from, with \\"-modified\\" behind it if files had changed since.
      package let builtFromCommit = \\"$commit\\""
      [ "$text" = "$(cat "$2/Commit.swift" 2>/dev/null)" ] || printf '%s\\n' "$text" > "$2/Commit.swift"
      """
    return [
      .prebuildCommand(
        displayName: "Stamp the commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", script, "stamp", context.package.directoryURL.path, folder.path],
        outputFilesDirectory: folder)
    ]
  }
}
