package io.strata.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was read, for programs that know what should be in it. Immutable.
 *
 * <p>What is absent reads as empty, zero or false: a newer daemon may leave out what an older one
 * told.
 */
public final class JsonTree {
  private static final JsonTree EMPTY = new JsonTree(Map.of());

  private final Map<String, Object> fields;

  private JsonTree(Map<String, Object> fields) {
    this.fields = fields;
  }

  /**
   * Reads an object.
   *
   * @throws IOException if the text is no JSON object
   */
  public static JsonTree parse(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object: " + text);
      }
      return object(parser);
    }
  }

  private static JsonTree object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return new JsonTree(Collections.unmodifiableMap(fields));
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IOException(
              "malformed JSON at " + parser.currentLocation().offsetDescription());
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(parser);
      if (value != null) {
        values.add(value);
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** Names of the fields, as they came. */
  public Set<String> names() {
    return fields.keySet();
  }

  /** Whether there is such a field. */
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** A text, or empty. */
  public String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  /** An integer, or 0. */
  public long integer(String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** A number, or 0. */
  public double number(String name) {
    return fields.get(name) instanceof Number number ? number.doubleValue() : 0;
  }

  /** A truth, or false. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  /** An object within, or an empty one. */
  public JsonTree tree(String name) {
    return fields.get(name) instanceof JsonTree tree ? tree : EMPTY;
  }

  /** The texts of an array, or none. */
  public List<String> texts(String name) {
    return fields.get(name) instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** The objects of an array, or none. */
  public List<JsonTree> trees(String name) {
    if (!(fields.get(name) instanceof List<?> list)) {
      return List.of();
    }
    List<JsonTree> trees = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof JsonTree tree) {
        trees.add(tree);
      }
    }
    return trees;
  }
}
