"use strict";
// Draws the charts of a page from the specifications that stand in it.
for (const figure of document.querySelectorAll("figure.chart")) {
    const spec = JSON.parse(document.getElementById(figure.dataset.spec).textContent);
    const options = JSON.parse(figure.dataset.options);
    vegaEmbed(figure.firstElementChild, spec, options).catch((error) => {
        figure.textContent = String(error);
    });
}
