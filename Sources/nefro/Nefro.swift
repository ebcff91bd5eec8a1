import NefroCommands

@main
enum Nefro {
  static func main() async { await NefroCommand.runAndExit() }
}
