package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** A real browser without a window, once per call. */
final class Browser {
  private final Path program = Path.of(Bench.part("PARTS_BIN"), "chromium");
  private final Path folder;

  /**
   * The browser that {@code parts/get} brought; the test is skipped where it is not.
   *
   * @param folder where it keeps what it keeps
   */
  Browser(Path folder) {
    this.folder = folder;
    assumeThat(Files.isExecutable(program))
        .as(program + " is not there: parts/get brings it")
        .isTrue();
  }

  /** The page as the browser understood it. */
  String dom(String url) throws IOException {
    return run("--dump-dom", url).out();
  }

  /** What a person sees. */
  BufferedImage picture(String url, int width, int height, boolean dark) throws IOException {
    Path file = folder.resolve("page-" + width + (dark ? "-dark" : "") + ".png");
    var arguments = new ArrayList<String>();
    arguments.add("--screenshot=" + file);
    arguments.add("--window-size=" + width + "," + height);
    arguments.add("--hide-scrollbars");
    if (dark) {
      // Blink's own numbers: 0 is dark, 1 is light.
      arguments.add("--blink-settings=preferredColorScheme=0");
    }
    arguments.add(url);
    run(arguments.toArray(String[]::new));
    return ImageIO.read(file.toFile());
  }

  /** How many different colours there are among every third point. */
  static int colours(BufferedImage picture) {
    var colours = new HashSet<Integer>();
    for (int x = 0; x < picture.getWidth(); x += 3) {
      for (int y = 0; y < picture.getHeight(); y += 3) {
        colours.add(picture.getRGB(x, y));
      }
    }
    return colours.size();
  }

  private Launched.Ended run(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of("--user-data-dir=" + folder.resolve("profile"), "--timeout=20000"));
    command.addAll(List.of(arguments));
    var environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()));
    try (Launched launched = Launched.startCommand(command, environment)) {
      return launched.ended();
    }
  }
}
