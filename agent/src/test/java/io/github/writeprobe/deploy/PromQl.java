package io.github.writeprobe.deploy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a PromQL expression speaks of. Whether it is one, promtool says.
record PromQl(Set<String> metrics, Set<String> labels, List<Matcher> matchers) {
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern SELECTOR =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)?\\s*\\{([^}]*)}");
    private static final Pattern MATCHER =
            Pattern.compile("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*\u0000(\\d+)\u0000");
    private static final Pattern CLAUSE =
            Pattern.compile(
                    "\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w:.])([a-zA-Z_:][a-zA-Z0-9_:]*)(?!\\s*\\(|[\\w:])");
    private static final Set<String> KEYWORDS =
            Set.of(
                    "and",
                    "or",
                    "unless",
                    "bool",
                    "offset",
                    "by",
                    "without",
                    "on",
                    "ignoring",
                    "group_left",
                    "group_right",
                    "inf",
                    "nan");

    /// `metric` is empty where the selector names none.
    record Matcher(String metric, String label, String operator, String value) {}

    static PromQl of(String expression) {
        List<String> texts = new ArrayList<>();
        String rest =
                TEXT.matcher(expression.replaceAll("(?m)#.*$", ""))
                        .replaceAll(text -> {
                            texts.add(text.group().substring(1, text.group().length() - 1));
                            return "\u0000" + (texts.size() - 1) + "\u0000";
                        });
        List<Matcher> matchers = new ArrayList<>();
        Set<String> metrics = new HashSet<>();
        for (MatchResult selector : SELECTOR.matcher(rest).results().toList()) {
            String metric = selector.group(1) == null ? "" : selector.group(1);
            MATCHER.matcher(selector.group(2))
                    .results()
                    .forEach(m ->
                            matchers.add(
                                    new Matcher(
                                            metric,
                                            m.group(1),
                                            m.group(2),
                                            texts.get(Integer.parseInt(m.group(3))))));
        }
        rest = rest.replaceAll("\\{[^}]*}", " ").replaceAll("\\[[^]]*]", " ");
        Set<String> labels = new HashSet<>();
        for (MatchResult clause : CLAUSE.matcher(rest).results().toList()) {
            for (String label : clause.group(1).split(",", -1)) {
                if (!label.isBlank()) {
                    labels.add(label.strip());
                }
            }
        }
        NAME.matcher(CLAUSE.matcher(rest).replaceAll(" "))
                .results()
                .map(n -> n.group(1))
                .filter(n -> !KEYWORDS.contains(n))
                .forEach(metrics::add);
        return new PromQl(metrics, labels, matchers);
    }
}
