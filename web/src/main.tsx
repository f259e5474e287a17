import { render } from "preact";
import { App } from "./app";
import "./style/palette.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/screens.css";

const page = document.getElementById("page");
if (page) render(<App />, page);
