/* For browsers without modules, as in old televisions: ask every four seconds, take the whole stage. */
(function () {
  'use strict';
  var line = document.getElementById('line');
  if (!line) { return; }
  var version = line.getAttribute('data-version');
  var address = line.getAttribute('data-poll');

  function ask() {
    var request = new XMLHttpRequest();
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      if (request.status === 200) {
        version = request.getResponseHeader('X-Version');
        var stage = document.getElementById('stage');
        if (stage) { stage.outerHTML = request.responseText; }
      }
      if (request.status === 404) { window.location.reload(); return; }
      window.setTimeout(ask, 4000);
    };
    request.open('GET', address + (address.indexOf('?') < 0 ? '?' : '&') + 'last=' + version, true);
    request.send();
  }

  window.setTimeout(ask, 4000);
}());
